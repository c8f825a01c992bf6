"""The layers: the sources must import exactly the modules that Package.swift lists, and the Makefile must
build these modules first."""

import re

# Modules of the toolchain. Embedded Swift, in which the library is built, has only the one of Sources.
OF_THE_TOOLCHAIN = {"Sources": {"Synchronization"},
                    "Tests": {"Synchronization", "Testing", "Glibc", "Foundation"}}
IMPORT = re.compile(
    r"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|private)\s+)?import\s+(?:\w+\s+)?(\w+)\s*$",
    re.MULTILINE)
INCLUDE = re.compile(r'^#include "(\w+\.h)"', re.MULTILINE)
TARGET = re.compile(r"\.(target|testTarget|systemLibrary)\(\s*name:\s*\"(\w+)\"")


class Target:
    """One target of Package.swift."""

    def __init__(self, root, kind, name, text):
        self.name = name
        self.top = "Tests" if kind == "testTarget" or '"Tests/' in text else "Sources"
        listed = re.search(r"dependencies:\s*\[(.*?)\]", text, re.DOTALL)
        self.dependencies = set(re.findall(r"\"(\w+)\"", listed[1])) if listed else set()
        self.folder = root / self.top / name

    def imports(self):
        """The files that import each module. A C file imports the module whose header it includes."""
        found = {}
        for path in sorted(self.folder.rglob("*.c")):
            for header in INCLUDE.findall(path.read_text()):
                for module in self.folder.parent.glob(f"*/{header}"):
                    if module.parent != self.folder:
                        found.setdefault(module.parent.name, []).append(path.name)
        for path in sorted(self.folder.rglob("*.swift")):
            for module in IMPORT.findall(path.read_text()):
                found.setdefault(module, []).append(path.name)
        return found


def targets(root):
    """The targets of Package.swift by name. The text of a target ends where the next one begins."""
    text = (root / "Package.swift").read_text()
    found = list(TARGET.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return {match[2]: Target(root, match[1], match[2], text[match.end():end])
            for match, end in zip(found, ends)}


def problems(root):
    """One line for each difference."""
    known = targets(root)
    for target in known.values():
        imported = target.imports()
        for module in sorted(set(imported) - target.dependencies - OF_THE_TOOLCHAIN[target.top]):
            yield (f"Package.swift does not list {module} for {target.name}, which is imported by "
                   f"{' '.join(imported[module])}")
        # Tests also list modules that only the linker needs, because C calls their functions.
        if target.top == "Sources":
            for module in sorted(target.dependencies - set(imported)):
                yield f"Package.swift lists {module} for {target.name}, which no file imports"
    yield from problems_of_order(root, known)


def problems_of_order(root, known):
    order = re.search(r"^MODULES := (.*)$", (root / "Makefile").read_text(), re.MULTILINE)[1].split()
    in_swift = {name for name, target in known.items()
                if target.top == "Sources" and any(target.folder.rglob("*.swift"))}
    for name in sorted(in_swift ^ set(order)):
        yield f"{name} is a Swift module of either Package.swift or the Makefile, not of both"
    for position, name in enumerate(order):
        for later in sorted(known[name].dependencies & set(order[position:]) if name in known else ()):
            yield f"the Makefile builds {name} before {later}, which it depends on"
