"""The chart rendered by Helm's own library, as objects to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from helm_python import Chart

from tests.running import ROOT

CHART = ROOT / "helm" / "asuso"
VARIANTS = sorted(path.stem for path in (CHART / "ci").glob("*.yaml"))
Object = dict[str, Any]  # Any: an object of Kubernetes


def values_of(variant: str) -> Object:
    return dict(yaml.safe_load((CHART / "ci" / f"{variant}.yaml").read_text()))


@dataclass(frozen=True)
class Rendered:
    """All objects of one rendering."""

    objects: tuple[Object, ...]

    def of(self, kind: str) -> list[Object]:
        return [found for found in self.objects if found["kind"] == kind]

    def one(self, kind: str, name: str) -> Object:
        (found,) = [found for found in self.of(kind) if found["metadata"]["name"] == name]
        return found

    def pods(self) -> Iterator[tuple[str, Object]]:
        """Component and template of every pod that the chart makes."""
        for found in self.objects:
            spec = found.get("spec", {})
            template = spec.get("jobTemplate", {}).get("spec", {}).get("template") or spec.get("template")
            if template:
                yield template["metadata"]["labels"]["app.kubernetes.io/component"], template

    def pod(self, component: str) -> Object:
        (found,) = [template["spec"] for name, template in self.pods() if name == component]
        return dict(found)

    def data(self, kind: str, name: str) -> dict[str, str]:
        found = self.one(kind, name)
        return dict(found.get("data") or found.get("stringData") or {})

    def environment(self, container: Object) -> set[str]:
        """Names that a container's process sees."""
        names = {entry["name"] for entry in container.get("env", [])}
        for source in container.get("envFrom", []):
            ((reference, where),) = source.items()
            kind = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[reference]
            if any(found["metadata"]["name"] == where["name"] for found in self.of(kind)):
                names |= set(self.data(kind, where["name"]))
        return names


@cache
def rendered(variant: str, *, is_install: bool = True) -> Rendered:
    return render(values_of(variant), is_install=is_install)


def render(values: Object, *, is_install: bool = True, path: Path = CHART) -> Rendered:
    with Chart.load(path) as chart:
        texts = chart.render(
            values, name="asuso", namespace="edu", is_install=is_install, is_upgrade=not is_install
        ).items()
    manifests = [text for name, text in texts if not name.endswith("NOTES.txt")]
    return Rendered(tuple(found for text in manifests for found in yaml.safe_load_all(text) if found))


def containers(pod: Object) -> list[Object]:
    return [*pod.get("initContainers", []), *pod["containers"]]


def selects(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector of Kubernetes chooses these labels."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In", "only this operator is used"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return True
