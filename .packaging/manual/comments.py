"""Reads the headers: the comment blocks that describe functions, and what every page needs of the
rest (public header names, names with and without A and W, names of the error codes)."""

import re
from dataclasses import dataclass, field
from pathlib import Path

SECTIONS = ("Returns", "Errors", "Safety", "Cost", "Differs", "Source")
COMMENT = re.compile(r"/\*\n(.*?)\n? \*/\n", re.DOTALL)
SUMMARY = re.compile(r"([A-Za-z_]\w*(?:, [A-Za-z_]\w*)*) - (.+)")
LABEL = re.compile(r"(\S(?:.*?\S)?) {2,}(\S.*)")
# Remarks of one line, such as /* clang-format off */, may stand between comment and prototype.
PROTOTYPE = re.compile(r"\s*(?:/\*.*\*/\s*)*WINBASEAPI\s+([^;]*?)\bWINAPI\s+(\w+)\(([^;]*?)\)"
                       r"\s*(?:[A-Z]\w+(?:\([^;]*?\))?)?;")


@dataclass
class Block:
    """One comment with the prototypes that follow it."""
    header: Path
    names: list
    summary: str
    prototypes: list  # (returned type, name, [parameter])
    paragraphs: list = field(default_factory=list)
    parameters: list = field(default_factory=list)  # (label, text)
    sections: dict = field(default_factory=dict)  # of SECTIONS
    group: bool = False  # the summary is about a group of functions: "Critical sections: ..."


def read_header(path):
    """The text about all of a header's functions, as paragraphs, and its blocks."""
    text = path.read_text()
    first = COMMENT.match(text)
    about = paragraphs_of(comment_lines(first[1])) if first else []
    blocks = []
    for comment in COMMENT.finditer(text):
        prototypes = prototypes_at(text, comment.end())
        if prototypes:
            blocks.append(read_block(path, comment_lines(comment[1]), prototypes))
    return about, blocks


def comment_lines(body):
    return [re.sub(r"^ \* ?", "", line).rstrip() for line in body.split("\n")]


def prototypes_at(text, position):
    found = []
    while match := PROTOTYPE.match(text, position):
        parameters = [" ".join(part.split()) for part in match[3].split(",")]
        found.append((" ".join(match[1].split()), match[2], parameters))
        position = match.end()
    return found


def read_block(path, lines, prototypes):
    summary, lines = head_of(lines)
    match = SUMMARY.match(summary)
    block = Block(path, [name for _, name, _ in prototypes], "", prototypes, group=match is None)
    # "One - text. Other - text." is two sentences about two functions.
    pattern = r"(?<=\.) (?=[A-Z])" if block.group else r"(?<=\.) (?=[A-Za-z_]\w* - )"
    sentences = re.split(pattern, match[2] if match else summary)
    block.summary = sentences[0].rstrip(".")
    block.paragraphs += [sentence.replace(" - ", " ", 1) for sentence in sentences[1:]]
    read_labels(block, lines)
    return block


def head_of(lines):
    """The first paragraph in one line, and the lines after it."""
    end = lines.index("") if "" in lines else len(lines)
    return " ".join(line.strip() for line in lines[:end]), lines[end + 1:]


def read_labels(block, lines):
    """Text with a label goes to the label's section, text without one to the description."""
    for entry in entries_of(lines):
        match = LABEL.match(entry)
        if match is None:
            block.paragraphs.append(entry)
            continue
        labels = [label.strip() for label in match[1].split(",")]
        for label in labels:
            if label in SECTIONS:
                block.sections[label] = match[2]
        rest = [label for label in labels if label not in SECTIONS]
        if rest:
            block.parameters.append((", ".join(rest), match[2]))


def entries_of(lines):
    """An entry begins at the margin with a label or after an empty line; the rest goes on."""
    entries, fresh = [], True
    for line in lines:
        if not line:
            fresh = True
            continue
        if fresh or (not line.startswith(" ") and LABEL.match(line)):
            entries.append(line)
        else:
            entries[-1] += " " + line.strip()
        fresh = False
    return entries


def paragraphs_of(lines):
    text = "\n".join(line.strip() for line in lines)
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def public_headers(folder):
    """For each header, the one a program includes for it: windows.h where that brings it in."""
    public = {}
    for name in ["windows.h", *sorted(path.name for path in folder.glob("[a-z]*.h"))]:
        reached = set()
        follow_includes((folder / name).resolve(), reached)
        for header in reached:
            public.setdefault(header, name)
    return public


def follow_includes(header, reached):
    """Adds header and what it includes by quotes, which is beside it or in the top folder."""
    if header in reached:
        return
    reached.add(header)
    for name in re.findall(r'^#include "(.+?)"', header.read_text(), re.MULTILINE):
        follow_includes((header.parent / name).resolve(), reached)


def generic_names(folder):
    """GetModuleHandle for GetModuleHandleA, as #define GetModuleHandle GetModuleHandleA says."""
    pairs = {}
    for path in sorted(folder.rglob("*.h")):
        for generic, name in re.findall(r"^#define (\w+) (\w+)$", path.read_text(), re.MULTILINE):
            if name in (generic + "A", generic + "W"):
                pairs[name] = generic
    return pairs


def error_names(folder):
    """ERROR_INVALID_PARAMETER for 87, STATUS_GUARD_PAGE_VIOLATION for 0x80000001."""
    names = {}
    for header, pattern in (
            ("winerror.h", r"^#define (ERROR_\w+) \(?(?:\(\w+\))?(\d+)[UuLl]*\)?$"),
            ("ntstatus.h", r"^#define (STATUS_\w+) .*?(0x[0-9A-F]{8})\)?$")):
        for name, value in re.findall(pattern, (folder / header).read_text(), re.MULTILINE):
            names.setdefault(int(value, 0), name)
    return names
