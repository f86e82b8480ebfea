"""The item bank: questions that authors keep, find again, and put into quizzes.

A quiz takes a copy of an item and remembers whose copy it is (`bank`): a later change of the item changes
no quiz. Only the client's authors and administrators see the bank.
"""
