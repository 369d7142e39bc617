"""The data that the pages use: tables, each returned as a new DataFrame, and pictures drawn by code."""

from dlref.datasets._heart import heart, heart_hospitals
from dlref.datasets._mtcars import mtcars
from dlref.datasets._number_words import english_words, german_words
from dlref.datasets._passengers import passengers
from dlref.datasets._pictures import PICTURE_CLASSES, pictures
from dlref.datasets._scenes import SCENE_CLASSES, Scene, scenes
from dlref.datasets._school import school_class
from dlref.datasets._story import story
from dlref.datasets._students import students

__all__ = [
    "PICTURE_CLASSES",
    "SCENE_CLASSES",
    "Scene",
    "english_words",
    "german_words",
    "heart",
    "heart_hospitals",
    "mtcars",
    "passengers",
    "pictures",
    "scenes",
    "school_class",
    "story",
    "students",
]
