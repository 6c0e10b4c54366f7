"""``asuso generate``: files of realistic generated people for trials."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fleet.generation import generate as write_files


@click.command()
@click.option("--organizations", type=click.IntRange(1, 5000), required=True, help="Сколько организаций.")
@click.option("--learners", type=click.IntRange(1, 2_000_000), required=True, help="Сколько разных детей.")
@click.option("--seed", type=int, required=True, help="Зерно: одно зерно — одни и те же файлы.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), required=True, help="Каталог для файлов.")
def generate(organizations: int, learners: int, seed: int, to: Path) -> None:
    """Файл организаций и файлы контингента выдуманных людей."""
    report = write_files(organizations=organizations, learners=learners, seed=seed, to=to)
    click.echo(
        json.dumps(
            {
                "directory": str(report.directory),
                "organizations": report.organizations,
                "learners": report.learners,
                "places": report.places,
                "departures": report.departures,
                "without_consent": report.without_consent,
            },
            ensure_ascii=False,
        )
    )


COMMANDS = [generate]
