"""The chart: rendered and linted by Helm's library, every object checked against the schemas of Kubernetes."""

from __future__ import annotations

import copy
from urllib.parse import urlsplit

import jsonschema
import kubernetes_validate
import pytest
import yaml
from helm_python import Chart, lint
from helm_python.errors import HelmError

from config.cli import cli, commands
from config.environment import REQUIRED_IN_PRODUCTION, Environment
from config.settings.databases import external
from config.settings.files import bucket, is_bucket
from tests.ops.chart import CHART, VARIANTS, Rendered, containers, render, rendered, selects, values_of

KUBERNETES = "1.37"
OURS = ("web", "worker", "migrate", "backup")
SECRET_NAMES = {
    "SECRET_KEY",
    "AUDIT_KEY",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_REPLICA_URL",
    "BROKER_URL",
    "CACHE_URL",
    "FILES_ACCESS_KEY",
    "FILES_SECRET_KEY",
    "OIDC_CLIENT_SECRET",
    "SENTRY_DSN",
}
MADE_OF_OTHER_VALUES = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_REPLICA_URL", "BROKER_URL", "CACHE_URL"}
BY_THE_CHART = {"DATA_DIR", "FILES_URL"}
# What the operator of PostgreSQL reads of these two kinds, as far as the chart writes it.
TEXT, NAMED = {"type": "string"}, {"type": "object", "required": ["name"]}
OPERATOR_SCHEMAS = {
    "Cluster": {
        "type": "object",
        "required": ["instances", "bootstrap", "storage"],
        "additionalProperties": False,
        "properties": {
            "instances": {"type": "integer", "minimum": 1},
            "imageName": TEXT,
            "enableSuperuserAccess": {"type": "boolean"},
            "bootstrap": {
                "type": "object",
                "required": ["initdb"],
                "properties": {
                    "initdb": {
                        "type": "object",
                        "required": ["database", "owner", "secret"],
                        "additionalProperties": False,
                        "properties": {
                            **dict.fromkeys(
                                ("database", "owner", "encoding", "locale", "localeProvider", "builtinLocale"), TEXT
                            ),
                            "secret": NAMED,
                        },
                    }
                },
            },
            "postgresql": {"properties": {"parameters": {"additionalProperties": TEXT}}},
            "storage": {"type": "object", "required": ["size"]},
            "walStorage": {"type": "object", "required": ["size"]},
            "resources": {"type": "object"},
            "affinity": {"type": "object"},
            "plugins": {"type": "array", "items": NAMED},
        },
    },
    "ScheduledBackup": {
        "type": "object",
        "required": ["schedule", "cluster"],
        "additionalProperties": False,
        "properties": {
            "schedule": {"type": "string", "pattern": r"^\S+( \S+){5}$"},
            "backupOwnerReference": {"enum": ["none", "self", "cluster"]},
            "cluster": NAMED,
            "method": {"enum": ["barmanObjectStore", "volumeSnapshot", "plugin"]},
            "pluginConfiguration": NAMED,
        },
    },
}


@pytest.fixture(params=VARIANTS)
def variant(request) -> str:
    return request.param


@pytest.fixture(params=[True, False], ids=["install", "upgrade"])
def found(request, variant) -> Rendered:
    return rendered(variant, is_install=request.param)


def test_the_linter_finds_nothing(variant):
    report = lint(CHART, values_of(variant), strict=True, kube_version=f"v{KUBERNETES}.0")
    assert report["errors"] == []
    assert [line for line in report["messages"] if line["severity"] > 1] == []


def test_every_object_is_one_of_kubernetes(found):
    checked = 0
    for one in found.objects:
        if one["apiVersion"].startswith("postgresql.cnpg.io/"):
            jsonschema.validate(one["spec"], OPERATOR_SCHEMAS[one["kind"]])
        else:
            kubernetes_validate.validate(one, KUBERNETES, strict=True)
        checked += 1
    assert checked >= 15
    names = [(one["kind"], one["metadata"]["name"]) for one in found.objects]
    assert len(names) == len(set(names))


def test_no_secret_stands_in_a_config_map(found, variant):
    given = values_of(variant)
    words = [
        *(word for name, word in given.get("secrets", {}).items() if not name.startswith("existing")),
        *(word for name, word in given["database"].items() if name.endswith("Password")),
        given.get("broker", {}).get("url", ""),
        given.get("redis", {}).get("password", ""),
    ]
    words = [word for word in words if word]
    public = [one for one in found.objects if one["kind"] != "Secret"]
    text = yaml.safe_dump_all(public)
    assert [word for word in words if word in text] == []
    for one in found.of("ConfigMap"):
        assert SECRET_NAMES.isdisjoint(one["data"])


def test_the_owner_of_the_database_is_known_to_worker_and_jobs_only(found):
    for component, template in found.pods():
        for container in containers(template["spec"]):
            names = found.environment(container)
            assert ("DATABASE_OWNER_URL" in names) is (component in ("worker", "migrate", "backup")), container["name"]
    web = yaml.safe_dump(found.pod("web"))
    assert "owner" not in web


def test_every_name_is_one_that_the_product_reads(found):
    known = {name.upper() for name in Environment.model_fields}
    for component, template in found.pods():
        for container in containers(template["spec"]):
            if component not in OURS:
                continue
            allowed = known | (
                {"DATABASE_SUPERUSER_URL", "SUPERUSER_PASSWORD"} if container["name"] == "prepare" else set()
            )
            assert found.environment(container) <= allowed


@pytest.mark.parametrize("which", ["external", "cloudnativepg"])
def test_no_required_setting_is_missing(which):
    found = rendered(which)
    required = {"DATABASE_URL", *(name.upper() for name in REQUIRED_IN_PRODUCTION)}
    for component, template in found.pods():
        if component in OURS:
            for container in containers(template["spec"]):
                assert required <= found.environment(container), container["name"]


def test_what_values_may_say_is_what_the_product_reads():
    with Chart.load(CHART) as chart:
        properties = chart.schema["properties"]
    known = {name.upper() for name in Environment.model_fields}
    assert set(properties["environment"]["properties"]) == known - SECRET_NAMES - BY_THE_CHART
    named = {name for name in properties["secrets"]["properties"] if name.isupper()}
    assert named == SECRET_NAMES - MADE_OF_OTHER_VALUES


def test_the_product_understands_the_addresses_it_is_given():
    found = rendered("external")
    settings, owner = found.data("Secret", "asuso"), found.data("Secret", "asuso-owner")
    databases = external(settings["DATABASE_URL"], owner["DATABASE_OWNER_URL"])
    assert databases["default"]["PASSWORD"] == "app pass+word/1"
    assert (databases["default"]["HOST"], databases["default"]["PORT"]) == ("asuso-pgbouncer", "6432")
    assert (databases["owner"]["HOST"], databases["owner"]["USER"]) == ("db.example.org", "asuso_owner")
    assert urlsplit(owner["DATABASE_URL"]).hostname == "db.example.org"
    files = found.data("ConfigMap", "asuso")["FILES_URL"]
    options = bucket(files, settings["FILES_ACCESS_KEY"], settings["FILES_SECRET_KEY"])["OPTIONS"]
    assert (options["bucket_name"], options["location"], options["region_name"]) == ("asuso", "files", "ru-1")
    assert options["endpoint_url"] == "https://storage.example.org"
    assert not is_bucket(rendered("cloudnativepg").data("ConfigMap", "asuso")["FILES_URL"])


def test_commands_of_the_pods_exist(found):
    if not cli.commands:
        commands.register(cli)
    for component, template in found.pods():
        for container in containers(template["spec"]):
            if component in OURS:
                command, words = cli, container["args"]
                while hasattr(command, "commands"):
                    command, words = command.commands[words[0]], words[1:]
                command.make_context(command.name, list(words), resilient_parsing=False)


def test_probes_ask_the_entrance_by_its_host(found):
    web = found.pod("web")["containers"][0]
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        asked = web[probe]["httpGet"]
        assert asked["path"] == path
        assert asked["httpHeaders"] == [{"name": "Host", "value": "edu.example.org"}]
    for component, template in found.pods():
        if component not in ("migrate", "backup"):
            assert {"livenessProbe", "readinessProbe"} <= set(template["spec"]["containers"][0]), component


def test_every_pod_runs_with_the_least(found):
    for component, template in found.pods():
        pod = template["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, component
            assert container["resources"]["limits"]["memory"]


def test_every_pod_is_closed_both_ways_and_web_hears_the_ingress_only(found):
    policies = [one["spec"] for one in found.of("NetworkPolicy")]
    for component, template in found.pods():
        chosen = [spec for spec in policies if selects(spec["podSelector"], template["metadata"]["labels"])]
        closed = {direction for spec in chosen for direction in spec["policyTypes"]}
        assert closed == {"Ingress", "Egress"}, component
        heard = [rule for spec in chosen for rule in spec.get("ingress", [])]
        if component in ("worker", "migrate", "backup"):
            assert heard == []
        else:
            assert all(rule["from"] and rule["ports"] for rule in heard), component
    for spec in policies:
        for rule in spec.get("egress", []):
            assert rule.get("ports"), "nothing goes out by any port"


def test_who_reaches_the_database_server(found, variant):
    policies = [one["spec"] for one in found.of("NetworkPolicy") if one["metadata"]["name"] == "asuso-database"]
    reaching = {
        component
        for component, template in found.pods()
        for spec in policies
        if selects(spec["podSelector"], template["metadata"]["labels"])
    }
    pooled = values_of(variant).get("pgbouncer", {}).get("enabled", True)
    assert "worker" in reaching
    assert ("web" in reaching) is not pooled
    if variant == "cloudnativepg":
        server = next(one["spec"] for one in found.of("NetworkPolicy") if one["metadata"]["name"] == "asuso-db")
        assert server["policyTypes"] == ["Ingress", "Egress"]
        assert server["podSelector"]["matchLabels"] == {"cnpg.io/cluster": found.of("Cluster")[0]["metadata"]["name"]}


def test_a_standby_is_read_by_the_web_without_the_pooler():
    own = rendered("cloudnativepg")
    values = values_of("external")
    values["database"]["replica"] = {"enabled": True, "host": "standby.example.org", "port": 5433}
    other = render(values)
    for found, host in ((own, "asuso-db-ro"), (other, "standby.example.org")):
        written = found.data("Secret", "asuso")
        replica = external(written["DATABASE_URL"], None, written["DATABASE_REPLICA_URL"])["replica"]
        assert (replica["HOST"], replica["USER"]) == (host, "asuso_app")
        way = found.one("NetworkPolicy", "asuso-replica")["spec"]
        reaching = {name for name, pod in found.pods() if selects(way["podSelector"], pod["metadata"]["labels"])}
        assert reaching == {"web"}
        assert way["egress"][0]["ports"] == [{"port": int(replica["PORT"])}]
    assert own.one("NetworkPolicy", "asuso-replica")["spec"]["egress"][0]["to"] == [
        {"podSelector": {"matchLabels": {"cnpg.io/cluster": "asuso-db", "cnpg.io/instanceRole": "replica"}}}
    ]
    assert "DATABASE_REPLICA_URL" not in rendered("external").data("Secret", "asuso")


def test_one_certificate_and_one_way_in_for_every_host(found):
    (ingress,) = found.of("Ingress")
    assert ingress["spec"]["tls"] == [{"hosts": ["edu.example.org", "*.edu.example.org"], "secretName": "asuso-tls"}]
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == ["edu.example.org", "*.edu.example.org"]


def test_the_migration_goes_first_except_where_it_would_wait_for_a_database_made_later():
    def hook(variant: str, is_install: bool) -> str | None:
        job = rendered(variant, is_install=is_install).one("Job", "asuso-migrate")
        return job["metadata"].get("annotations", {}).get("helm.sh/hook")

    assert hook("external", True) == hook("external", False) == "pre-install,pre-upgrade"
    assert hook("cloudnativepg", True) is None
    assert hook("cloudnativepg", False) == "pre-install,pre-upgrade"


def test_a_hook_needs_nothing_that_is_made_after_it():
    found = rendered("external")
    hooks = {
        one["metadata"]["name"] for one in found.objects if "helm.sh/hook" in (one["metadata"].get("annotations") or {})
    }
    pod = found.pod("migrate")
    needed = {where["name"] for container in containers(pod) for one in container["envFrom"] for where in one.values()}
    needed |= {entry["valueFrom"]["secretKeyRef"]["name"] for entry in containers(pod)[0]["env"]}
    assert needed <= hooks
    assert "serviceAccountName" not in pod


def test_budgets_and_scaling():
    found = rendered("external")
    assert {one["metadata"]["name"] for one in found.of("PodDisruptionBudget")} == {
        "asuso-web",
        "asuso-worker",
        "asuso-pgbouncer",
    }
    (scaling,) = found.of("HorizontalPodAutoscaler")
    assert scaling["spec"]["scaleTargetRef"]["name"] == "asuso-web"
    assert "replicas" not in found.one("Deployment", "asuso-web")["spec"]
    alone = rendered("existing-secrets")
    assert alone.of("HorizontalPodAutoscaler") == []
    assert "asuso-web" not in {one["metadata"]["name"] for one in alone.of("PodDisruptionBudget")}


def test_secrets_made_by_somebody_else_are_only_named():
    found = rendered("existing-secrets")
    assert found.of("Secret") == []
    references = yaml.safe_dump(found.pod("worker"))
    assert "asuso-settings" in references
    assert "asuso-owner-settings" in references


def test_both_databases_and_both_brokers_are_there():
    external_, own = rendered("external"), rendered("cloudnativepg")
    assert (external_.of("Cluster"), external_.of("StatefulSet")) == ([], [])
    assert external_.data("Secret", "asuso")["BROKER_URL"].startswith("amqp://")
    assert own.of("Cluster")[0]["spec"]["instances"] == 3
    assert own.data("Secret", "asuso")["BROKER_URL"] == "redis://:redis-password-1@asuso-redis:6379/0"
    assert urlsplit(own.data("Secret", "asuso-owner")["DATABASE_OWNER_URL"]).hostname == "asuso-db-rw"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("environment.BASE_DOMAIN", ""),
        ("environment.BASE_DOMAIN", "https://edu.example.org"),
        ("environment.SECRET_KEY", "x"),
        ("environment.BASE_DOMAN", "edu.example.org"),
        ("secrets.DATABASE_OWNER_URL", "postgresql://x"),
        ("database.name", "Asuso-1"),
        ("database.external.port", 70000),
        ("pgbouncer.poolSize", 100),
        ("pgbouncer.serverLifetimeSeconds", 3600),
        ("broker.url", "http://mq"),
        ("files.kind", "disk"),
        ("web.replicas", 0),
        ("migration.jobs", 20),
        ("networkPolicy.ingressFrom", []),
        ("networkPolicy.databaseCidrs", ["db.example.org"]),
        ("redis.enabled", "yes"),
        ("wbe.replicas", 3),
    ],
)
def test_wrong_values_are_refused(path, value):
    values = copy.deepcopy(values_of("external"))
    *folders, last = path.split(".")
    place = values
    for folder in folders:
        place = place.setdefault(folder, {})
    place[last] = value
    with pytest.raises(HelmError, match=r"schema|[Aa]dditional|does not match|must be|minimum|maximum|items"):
        render(values)


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("secrets", "SECRET_KEY"),
        ("database", "database"),
        ("broker", "broker.url"),
    ],
)
def test_a_missing_value_is_named(gone, named):
    values = {name: value for name, value in values_of("external").items() if name != gone}
    with pytest.raises(HelmError, match=named):
        render(values)
