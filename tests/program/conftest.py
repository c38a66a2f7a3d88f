"""The whole program's fixtures."""

from tests.driver.fixtures import home, raw_terminal, terminal
from tests.driver.people import others

__all__ = ["home", "others", "raw_terminal", "terminal"]
