"""Addresses of the report of learning and sales."""

from django.urls import path

from analytics.associations.views import courses, files, grids, launches, pages, rollouts

app_name = "associations"
_REPORT = "reports/learning-to-sales/<uuid:report_id>/"
_COURSES = "reports/learning-to-sales/courses/"
_COURSE = f"{_COURSES}<uuid:course_id>/"
_GRID = "reports/learning-to-sales/grids/<uuid:grid_id>/"
_LAUNCHES = "reports/learning-to-sales/launches/"
_LAUNCH = f"{_LAUNCHES}<uuid:study_id>/"
_ROLLOUTS = "reports/learning-to-sales/rollouts/"
_POWER = f"{_ROLLOUTS}compared/<uuid:power_id>/"
_ROLLOUT = f"{_ROLLOUTS}<uuid:rollout_id>/"
urlpatterns = [
    path("reports/learning-to-sales/", pages.ask, name="ask"),
    path(_REPORT, pages.report, name="report"),
    path(f"{_REPORT}numbers.csv", files.numbers_csv, name="numbers_csv"),
    path(f"{_REPORT}numbers.xlsx", files.numbers_xlsx, name="numbers_xlsx"),
    path(_COURSES, courses.courses, name="courses"),
    path(_COURSE, courses.course, name="course"),
    path(f"{_COURSE}compute/", courses.ask_course, name="ask_course"),
    path(f"{_COURSE}numbers.csv", courses.course_csv, name="course_csv"),
    path(f"{_COURSE}numbers.xlsx", courses.course_xlsx, name="course_xlsx"),
    path(_LAUNCHES, launches.launches, name="launches"),
    path(_LAUNCH, launches.launch, name="launch"),
    path(f"{_LAUNCH}numbers.csv", launches.launch_csv, name="launch_csv"),
    path(f"{_LAUNCH}numbers.xlsx", launches.launch_xlsx, name="launch_xlsx"),
    path(_ROLLOUTS, rollouts.rollouts, name="rollouts"),
    path(_POWER, rollouts.power, name="power"),
    path(f"{_POWER}draw/", rollouts.draw, name="draw"),
    path(_ROLLOUT, rollouts.rollout, name="rollout"),
    path(f"{_ROLLOUT}withdraw/", rollouts.withdraw, name="withdraw"),
    path(f"{_ROLLOUT}look/", rollouts.look, name="look"),
    path("reports/learning-to-sales/grid/", grids.grid, name="grid"),
    path(
        "reports/learning-to-sales/grids/asked/<uuid:asked_id>/",
        grids.asked_grid,
        name="asked_grid",
    ),
    path(_GRID, grids.grid_of, name="grid_of"),
    path(f"{_GRID}numbers.csv", grids.grid_csv, name="grid_csv"),
    path(f"{_GRID}numbers.xlsx", grids.grid_xlsx, name="grid_xlsx"),
    path(f"{_GRID}cells/<int:cell_id>/", grids.open_cell, name="open_cell"),
]
