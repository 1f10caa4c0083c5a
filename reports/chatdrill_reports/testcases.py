"""The elements of JUnit's XML, as Jenkins, GitLab and GitHub's actions read them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from chatdrill.trace.transcript.phrases import plain

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(root: ET.Element) -> bytes:
    """The XML document, in UTF-8."""
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def testcase(classname: str, name: str, took_s: float | None) -> ET.Element:
    """One entry; ``took_s`` only where it is real time."""
    element = ET.Element("testcase", classname=clean(classname), name=clean(name))
    if took_s is not None:
        element.set("time", f"{took_s:.3f}")
    return element


def add_properties(element: ET.Element, facts: Mapping[str, object]) -> None:
    """Facts by name."""
    properties = ET.SubElement(element, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=clean(str(name)), value=clean(str(value)))


def attachment(path: str) -> str:
    """The line of a test's output by which GitLab, and Jenkins with its plugin JUnit Attachments, show a file beside the test.

    GitLab takes paths from the folder of the project (docs.gitlab.com, "Unit test reports"), Jenkins absolute ones
    (plugins.jenkins.io/junit-attachments).
    """
    whole = Path(path).resolve()
    project = os.environ.get("CI_PROJECT_DIR")
    if project and whole.is_relative_to(Path(project).resolve()):
        return f"[[ATTACHMENT|{whole.relative_to(Path(project).resolve()).as_posix()}]]"
    return f"[[ATTACHMENT|{whole if os.environ.get('JENKINS_URL') else path}]]"


def count(element: ET.Element, cases: Sequence[ET.Element]) -> None:
    """Say on a suite, or on the whole, how many entries it has and what became of them."""
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    times = [float(time) for case in cases if (time := case.get("time")) is not None]
    if times:
        element.set("time", f"{sum(times):.3f}")


def clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", plain(text))
