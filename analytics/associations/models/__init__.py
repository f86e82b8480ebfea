"""Tables of learning and sales: reports that were asked for, figures by month, and the grid made of them each night."""

from analytics.associations.models.grids import AskedGrid, Cell, Grid
from analytics.associations.models.launches import LaunchStudy
from analytics.associations.models.months import Month, MonthRevision, Night, RepMonth
from analytics.associations.models.reports import OFFICE, Report
from analytics.associations.models.rollouts import Rollout, RolloutPlace, RolloutPower
from analytics.associations.models.studies import CourseStudy

__all__ = [
    "OFFICE",
    "AskedGrid",
    "Cell",
    "CourseStudy",
    "Grid",
    "LaunchStudy",
    "Month",
    "MonthRevision",
    "Night",
    "RepMonth",
    "Report",
    "Rollout",
    "RolloutPlace",
    "RolloutPower",
]
