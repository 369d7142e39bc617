"""The data that the pages use: tables, each returned as a new DataFrame, and pictures drawn by code."""

from dlref.datasets._heart import heart
from dlref.datasets._mtcars import mtcars
from dlref.datasets._pictures import PICTURE_CLASSES, pictures
from dlref.datasets._school import school_class
from dlref.datasets._students import students

__all__ = ["PICTURE_CLASSES", "heart", "mtcars", "pictures", "school_class", "students"]
