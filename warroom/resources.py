"""Finds the data that warroom ships, in an installed package as well as in a checkout."""

from pathlib import Path

from warroom.errors import WarroomError

PACKAGE = Path(__file__).resolve().parent


def theme_files() -> list[Path]:
    """Every theme that ships with warroom, sorted by name."""
    return _toml_files("themes")


def scenario_files() -> list[Path]:
    """Every scenario of the sample clusters that ships with warroom, sorted by name."""
    return _toml_files("sample_clusters")


def data_folder(name: str, *, package: Path = PACKAGE) -> Path:
    """The folder of shipped data with this name; raise ``WarroomError`` when the installation lacks it."""
    # A wheel carries the data inside the package; a checkout has it beside the package.
    places = (package / "_data" / name, package.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise WarroomError(
        f"the folder {name} that ships with warroom is in neither {places[0]} nor {places[1]};"
        " install warroom again"
    )


def _toml_files(name: str) -> list[Path]:
    return sorted(data_folder(name).glob("*.toml"))
