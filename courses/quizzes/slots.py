"""The kinds of notices that quizzes bring, declared when all apps are there."""

from courses.quizzes import notices

notices.declare_all()
