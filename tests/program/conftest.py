"""The whole program's fixtures."""

from tests.driver.fixtures import home, raw_terminal, terminal

__all__ = ["home", "raw_terminal", "terminal"]
