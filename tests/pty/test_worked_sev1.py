"""The worked SEV1 of the handbook, played with keys alone at two sizes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from tests.pty.worked_sev1 import check_export, lead

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(240)]

SPEED = "4"


@pytest.mark.parametrize(("width", "height"), [(120, 40), (80, 24)])
def test_the_sev1_is_led_to_its_end_with_keys_alone(
    home: Path, terminal: Callable[..., Terminal], width: int, height: int
) -> None:
    screen = terminal(width, height)
    screen.start("demo", "rack-switch", "--speed", SPEED)
    lead(screen)
    screen.keys("q")
    left = screen.wait_for("EXIT 0")
    assert "the room goes on: `warroom attach rack-switch`" in left.replace("\n", "")
    check_export(home)
    assert warroom(home, "stop").code == 0
