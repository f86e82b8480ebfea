"""Statistics: numpy and SciPy. Imported by the statistics worker alone, through `analytics.associations.tasks`."""
