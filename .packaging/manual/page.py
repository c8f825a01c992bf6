"""Writes one manual page in man(7)'s macros from one comment block."""

import re

HEADINGS = (("Returns", "RETURN VALUE"), ("Errors", "ERRORS"), ("Safety", "SAFETY"),
            ("Cost", "COST"), ("Differs", "DIFFERENCES FROM WINDOWS"), ("Source", "SOURCE"))
CONSTANT = re.compile(r"\b(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9](?:_\*)?|[A-Z]{2,}_\*|TRUE|FALSE|NULL)(?!\w)")
CODE = r"(?:0x[0-9A-F]{8}|[0-9A-F]{8}|\d{1,5})"
ERROR = re.compile(f"({CODE}) (\\S.*)")
LINE_WIDTH = 70


class Writer:
    """What the pages of one set have in common."""

    def __init__(self, version, functions, errors):
        self.version, self.functions, self.errors = version, functions, errors

    def page(self, block, header, about, related):
        name = block.names[0]
        lines = ['.\\" Written from the comment in Include/ by .packaging/manual; change that.',
                 f'.TH {name} 3 "" "libwin32memory {self.version}" "Win32 memory management"',
                 ".SH NAME", f"{', '.join(block.names)} \\- {escape(block.summary)}",
                 ".SH LIBRARY", r"Win32 memory management (\fIlibwin32memory\fP, \fI\-lwin32memory\fP)",
                 ".SH SYNOPSIS", ".nf", f".B #include <{header}>"]
        for prototype in block.prototypes:
            lines += [".PP", *synopsis(*prototype)]
        lines += [".fi", *self.description(block)]
        for label, heading in HEADINGS:
            if label in block.sections:
                lines += [f".SH {heading}", *self.section(block, label)]
        if about:
            lines += [".SH NOTES"]
            for number, paragraph in enumerate(about):
                lines += [*([".PP"] if number else []), self.text(block, paragraph)]
        lines += self.see_also(related)
        return "\n".join(lines) + "\n"

    def description(self, block):
        lines = [".SH DESCRIPTION", self.text(block, sentence(block))]
        for paragraph in block.paragraphs:
            lines += [".PP", self.text(block, paragraph)]
        for label, text in block.parameters:
            lines += [".TP", f"\\fI{escape(label)}\\fP", self.text(block, capital(text))]
        return lines

    def section(self, block, label):
        text = block.sections[label]
        if label == "Source":
            return [protect(escape(re.sub(r"^Learn\b", "Microsoft Learn", text)))]
        if label != "Errors":
            return [self.text(block, capital(text))]
        lines = ["A failed call sets the last error, which", ".BR GetLastError (3)", "returns:"]
        if block.prototypes[0][0] == "NTSTATUS":
            lines = ["A failed call returns:"]
        for item in error_items(text):
            match = ERROR.match(item)
            if match is None:
                lines += [".PP", self.text(block, capital(item))]
                continue
            name = self.errors.get(int(match[1], 16 if len(match[1]) >= 8 else 10))
            lines += [".TP", f"\\fB{name}\\fP ({match[1]})" if name else f"\\fB{match[1]}\\fP",
                      self.text(block, capital(match[2]))]
        return lines

    def see_also(self, related):
        if not related:
            return []
        return [".SH SEE ALSO", *(f".BR {name} (3)" + ("," if name != related[-1] else "")
                                  for name in related)]

    def text(self, block, text):
        """Constants and other functions bold, parameters in italics."""
        own = {re.findall(r"\w+", part)[-1] for _, _, parameters in block.prototypes
               for part in parameters if part != "void"}

        def mark(word):
            if word in own:
                return f"\\fI{word}\\fP"
            if word in block.names:
                return f"\\fB{word}\\fP()"
            return f"\\fB{word}\\fP(3)" if word in self.functions else word

        parts, end = [], 0
        for constant in CONSTANT.finditer(text):
            parts += [marked(text[end:constant.start()], mark), f"\\fB{constant[0]}\\fP"]
            end = constant.end()
        return protect("".join([*parts, marked(text[end:], mark)]))


def marked(text, mark):
    # A name with () after it already reads as a call.
    return re.sub(r"\b[A-Za-z_]\w+\b(\(\))?", lambda word: mark(word[0].removesuffix("()"))
                  if word[1] is None or mark(word[0][:-2]) != word[0][:-2] else word[0],
                  escape(text))


def sentence(block):
    """The summary as the description's first sentence, where it makes one."""
    if block.group:
        return f"{block.summary}."
    names = block.names
    subject = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    first = block.summary.split(" ")[0].rstrip(",")
    if first in ("where", "what", "how", "whether"):
        return f"{subject} tell{'' if len(names) > 1 else 's'} {block.summary}."
    if first in ("the", "a", "an"):
        return f"{subject} {'return' if len(names) > 1 else 'returns'} {block.summary}."
    if first.islower() and first.endswith("s") == (len(names) == 1):
        return f"{subject} {block.summary}."
    return f"{subject}: {block.summary}."


def synopsis(returned, name, parameters):
    """Bold types, italic parameters; one parameter a line where all do not fit on one."""
    start = f"{returned}{'' if returned.endswith('*') else ' '}{name}("
    if len(start) + len(", ".join(parameters)) + len(");") <= LINE_WIDTH:
        return [f".BI {quoted_words(start, parameters)}"]
    lines = []
    if len(start) + max(map(len, parameters)) + len(");") > LINE_WIDTH:
        lines, start = [f'.B "{start}"'], "    "
    for parameter in parameters:
        before, word = split_parameter(parameter)
        end = ");" if parameter is parameters[-1] else ","
        lines.append(f'.BI "{start}{before}" {word} "{end}"')
        start = " " * len(start)
    return lines


def quoted_words(start, parameters):
    words, text = [], start
    for number, parameter in enumerate(parameters):
        before, word = split_parameter(parameter)
        text += before
        words += [f'"{text}"', word] if word else [f'"{text}']
        text = ", " if number < len(parameters) - 1 else ""
    return " ".join(words) + (' ");"' if words[-1][0] != '"' else ');"')


def split_parameter(parameter):
    """`LPVOID lpAddress` as its type with the space, and its name."""
    if parameter in ("void", "VOID"):
        return parameter, ""
    match = re.fullmatch(r"(.*?)(\w+)", parameter)
    return match[1], match[2]


def error_items(text):
    """`87 a; b; 8 c` is two items: a new one begins where a code follows the semicolon."""
    items = re.split(f"; (?:first |then )?(?={CODE} )", text.rstrip("."))
    return re.split(r"; ", items[0], maxsplit=1) + items[1:] if items[0].startswith("as ") else items


def capital(text):
    """A sentence of text; a first word that is a name stays as it is."""
    text = text if text.endswith(".") else text + "."
    first = re.match(r"[a-z]+(?![\w(])", text)
    return text[0].upper() + text[1:] if first else text


def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def protect(text):
    return "\\&" + text if text.startswith((".", "'")) else text
