"""The registry: organizations append to the outbox and read their own rows, authorities read their territory."""

from shared.tenancy.grants import OWN_ORGANIZATION, OWN_TERRITORY, Grants, Policy, own_scope
from shared.tenancy.names import APP, AUTHORITIES, ORGANIZATIONS, PROJECTOR

_ALL = "SELECT, INSERT, UPDATE, DELETE"
# Rows of past days stay with the municipality and the founder of those days, so that their counts do; the people are
# named only to those whom the organization belongs to now. A region keeps its organizations: it is asked first.
_PERSON_IN_SCOPE = f"""exists (
  select 1 from contingent_registryenrollment e where e.person_id = contingent_person.id and (
    e.region_code = {own_scope("region_code")} or exists (
      select 1 from organizations_organization o where o.id = e.organization_id and (
        o.municipality_id = {own_scope("municipality_oktmo")} or o.founder_id = {own_scope("founder_id")}))))"""  # noqa: S608

GRANTS: Grants = {
    "contingent_outbox": {APP: "SELECT", ORGANIZATIONS: "INSERT", PROJECTOR: "SELECT, INSERT, UPDATE, DELETE"},
    "contingent_projectionstate": {PROJECTOR: _ALL, ORGANIZATIONS: "SELECT", AUTHORITIES: "SELECT"},
    "contingent_person": {PROJECTOR: _ALL, AUTHORITIES: "SELECT"},
    "contingent_personidentity": {PROJECTOR: _ALL},
    "contingent_personlink": {PROJECTOR: _ALL},
    "contingent_registryenrollment": {PROJECTOR: _ALL, ORGANIZATIONS: "SELECT", AUTHORITIES: "SELECT"},
    "contingent_registrymovement": {PROJECTOR: _ALL, ORGANIZATIONS: "SELECT", AUTHORITIES: "SELECT"},
}
FUNCTIONS: dict[str, tuple[str, ...]] = {"contingent_known_elsewhere(text, text, date)": (ORGANIZATIONS,)}
_FACTS = ("contingent_registryenrollment", "contingent_registrymovement")
POLICIES = [
    Policy("contingent_outbox", ORGANIZATIONS, check=f"organization_id = {OWN_ORGANIZATION}", command="INSERT"),
    Policy("contingent_outbox", PROJECTOR, using="true", check="true"),
    Policy("contingent_outbox", APP, using="true", command="SELECT"),  # its length and age, for /metrics
    Policy("contingent_person", PROJECTOR, using="true", check="true"),
    Policy("contingent_person", AUTHORITIES, using=_PERSON_IN_SCOPE, command="SELECT"),
    *[Policy(table, PROJECTOR, using="true", check="true") for table in _FACTS],
    *[
        Policy(table, ORGANIZATIONS, using=f"organization_id = {OWN_ORGANIZATION}", command="SELECT")
        for table in _FACTS
    ],
    *[Policy(table, AUTHORITIES, using=OWN_TERRITORY, command="SELECT") for table in _FACTS],
]
