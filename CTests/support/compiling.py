"""Compiles the test programs that have changed."""

import pathlib
import subprocess

from test_programs import CTESTS, SUPPORT

INCLUDE = CTESTS.parent / "Include"
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", f"-I{INCLUDE}",
         f"-I{SUPPORT}", "-pthread"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]


class Compiler:
    """Compiles into one folder; the library is in another."""

    def __init__(self, folder, library, name="gcc", is_sanitizing=False):
        self.folder, self.library, self.name = folder, library, name
        self.flags = FLAGS + (SANITIZERS if is_sanitizing else [])
        folder.mkdir(parents=True, exist_ok=True)
        self.newest_header = max(path.stat().st_mtime for place in (INCLUDE, SUPPORT)
                                 for path in place.rglob("*.h"))

    def build(self, source, way):
        """Returns the messages of the compiler, if any, and the executable."""
        flags = [*self.flags, *way.flags]
        if "c++" in way.flags:
            flags.remove("-std=c11")
        compiler = way.compiler or self.name
        folder = self.folder / "-".join([source.stem, *way.name.split()])
        folder.mkdir(exist_ok=True)
        for shared, extra in way.shared:
            library = folder / f"lib{pathlib.Path(shared).stem}.so"
            problem = self.compile([compiler, *flags, "-fPIC", "-shared", *extra], [CTESTS / shared],
                                   library)
            if problem:
                return problem, None
        archive = [self.library / "libwin32memory.a"] if way.is_static else []
        executable = folder / source.stem
        return self.compile([compiler, *flags], [source, *archive], executable,
                            [f"-L{self.library}", f"-L{folder}", *way.link, "-ldl",
                             f"-Wl,-rpath,{self.library}:{folder}"]), executable

    def compile(self, command, sources, result, link=()):
        """Does nothing if the result is up to date and was made by the same command."""
        command = [str(word) for word in [*command, *sources[:1], "-o", result, *link]]
        note = result.with_name(result.name + ".command")
        headers = [path.stat().st_mtime for path in sources[0].parent.glob("*.h")]
        newest = max(self.newest_header, *headers, *(path.stat().st_mtime for path in sources))
        if result.exists() and note.exists() and note.read_text() == "\n".join(command) \
                and result.stat().st_mtime > newest:
            return ""
        note.unlink(missing_ok=True)
        compilation = subprocess.run(command, capture_output=True, text=True)
        if compilation.returncode == 0 and not compilation.stderr:
            note.write_text("\n".join(command))
            return ""
        return compilation.stderr or f"status {compilation.returncode}"
