"""Invented people for demonstrations, benchmarks and acceptance: files of INTERFACES 4 and 5, same seed, same bytes."""

from fleet.generation.contingent import contingent_rows
from fleet.generation.files import GenerationReport, demo_files, generate, write_contingent, write_organizations
from fleet.generation.people import World
from fleet.generation.sketches import OrganizationSketch, SourceOrganizations, invent_organizations, read_register

__all__ = [
    "GenerationReport",
    "OrganizationSketch",
    "SourceOrganizations",
    "World",
    "contingent_rows",
    "demo_files",
    "generate",
    "invent_organizations",
    "read_register",
    "write_contingent",
    "write_organizations",
]
