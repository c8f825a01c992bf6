"""Every file that a README.md names must exist somewhere in the tree. A name may be the end of a path."""

import fnmatch
import re

TOPS = ("Sources", "Include", "Tests", "CTests", ".ci", ".packaging")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
FILE_NAME = re.compile(r"[\w.+*/-]+\.(?:swift|c|h|py|md|mk|json|txt|modulemap)")
FROM_THE_TOP = re.compile(r"(?:%s)/[\w.+*/-]*[\w*]" % "|".join(map(re.escape, TOPS)))


def readmes(root):
    found = [root / "README.md"]
    for top in TOPS:
        found += sorted((root / top).rglob("README.md"))
    return found


def names_in(text):
    """The file names in code spans and links. In a command, only paths from the top count as names."""
    text = FENCED.sub("", text)
    yield from LINK.findall(text)
    for span in SPAN.findall(text):
        words = span.split()
        for word in words:
            if FROM_THE_TOP.fullmatch(word) or len(words) == 1 and FILE_NAME.fullmatch(word):
                yield word


def problems(root):
    """One line for each name without a file."""
    paths = [f"/{path.name}" for path in root.glob("*")]
    for top in TOPS:
        paths += [f"/{path.relative_to(root)}" for path in (root / top).rglob("*")]
    for readme in readmes(root):
        for name in names_in(readme.read_text()):
            if not fnmatch.filter(paths, "*/" + name.strip("/")):
                yield f"{readme.relative_to(root)} names {name}, which does not exist"
