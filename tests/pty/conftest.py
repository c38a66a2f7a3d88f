"""The whole program's fixtures."""

from tests.driver.fixtures import home, terminal

__all__ = ["home", "terminal"]
