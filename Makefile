# libwin32memory. `make` builds the library, `make demo` runs a program on it, `make test` runs every
# test, `make check` is the gate, `make install` and `make deb` are in .packaging; see README.md.

BUILD := build
LIBRARY := $(BUILD)/libwin32memory.so
ARCHIVE := $(BUILD)/libwin32memory.a
SONAME := libwin32memory.so.1
VERSION := 1.0.0

SWIFTC ?= swiftc
CC ?= cc
PYTHON ?= python3
OBJCOPY ?= objcopy

# In the order of the layers: each sees only what stands before it.
MODULES := AddressSpace LinuxKernel MemoryManager Exceptions Win32

# Show commands with `make V=1`.
Q := $(if $(V),,@)

# One imported C function that is not inlined would bring tables for every function of its module,
# 15 KB of .eh_frame in all; nobody unwinds through the library, and debuggers have .debug_frame.
NO_UNWIND_TABLES := -Xcc -fno-asynchronous-unwind-tables

SWIFT_FLAGS := -O -wmo -parse-as-library -swift-version 6 -package-name win32memory \
	-enable-experimental-feature Embedded -no-allocations -strict-memory-safety \
	-warnings-as-errors -g -Xfrontend -function-sections -Xcc -fPIC $(NO_UNWIND_TABLES) \
	-I $(BUILD)/modules -I Sources/CLinux/include -I Sources/CCallbacks -I Sources/CWin32 -I Sources/CWords
C_FLAGS := -std=gnu11 -Os -g -fPIC -fno-asynchronous-unwind-tables \
	-fvisibility=hidden -ffunction-sections -fdata-sections \
	-Wall -Wextra -Wpedantic -Werror -I Sources/CLinux/include -I Sources/CCallbacks -I Include -MMD -MP
LINK_FLAGS := -shared -Wl,-soname,$(SONAME) -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,nodelete -Wl,-z,defs \
	-Wl,-Bsymbolic-functions -Wl,-z,noseparate-code \
	-Wl,--build-id -Wl,--no-undefined-version -Wl,--version-script=$(BUILD)/exports.map

# For `make coverage`: the library counts which of its lines run, also in processes that crash.
ifdef COVERAGE
SWIFT_FLAGS += -profile-generate -profile-coverage-mapping -Xllvm -runtime-counter-relocation
PROFILE_RUNTIME := $(shell $(SWIFTC) -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
LINK_FLAGS := $(filter-out %--gc-sections,$(LINK_FLAGS)) -Wl,-u,__llvm_profile_runtime
LINK_LIBRARIES := $(wildcard $(PROFILE_RUNTIME)/clang/lib/*/libclang_rt.profile-$(shell uname -m).a)
endif

SWIFT_OBJECTS := $(MODULES:%=$(BUILD)/objects/%.o)
ALL_C_OBJECTS := $(patsubst Sources/%.c,$(BUILD)/objects/%.o,$(sort $(shell find Sources/CLinux -name '*.c')))
# What only the shared library has.
SHARED_OBJECT := $(filter %/thread_creation.o,$(ALL_C_OBJECTS))
C_OBJECTS := $(filter-out $(SHARED_OBJECT),$(ALL_C_OBJECTS))
HEADERS := $(wildcard Include/*.h Include/win32memory/*.h)
# What Swift imports: the modules of C, with the headers that they include.
IMPORTED_C := $(shell find Sources/C* -name '*.h' -o -name module.modulemap) $(HEADERS)

.PHONY: all demo test check bench bench-quick bench-counts bench-compare bench-save bench-wine \
	bench-first-touch oracle symbols lint layers headers sanitized-tests thread-tests \
	swift-tests c-tests old-kernel-tests port-tests soak soak-short coverage tools clean python
.DELETE_ON_ERROR:

all: $(LIBRARY) $(ARCHIVE)

$(BUILD)/objects $(BUILD)/modules:
	@mkdir -p $@

# $(1) module, $(2) the module it is built after. Exceptions are rare, and the entry points are many and
# mostly short: both are built for size, but for what is marked @_optimize(speed).
define swift_module
$(BUILD)/objects/$(1).o: $$(sort $$(shell find Sources/$(1) -name "*.swift")) $$(IMPORTED_C) \
		Makefile $(2) | $(BUILD)/objects $(BUILD)/modules tools
	@echo 'swiftc  $(1)'
	$(Q)$(SWIFTC) $(SWIFT_FLAGS) $(if $(filter Exceptions Win32,$(1)),-Osize) -module-name $(1) -emit-module \
		-emit-module-path $(BUILD)/modules/$(1).swiftmodule -c $$(filter %.swift,$$^) -o $$@
	$(Q)touch $$@ # swiftc leaves an object alone that would come out the same
endef
previous :=
$(foreach module,$(MODULES),\
	$(eval $(call swift_module,$(module),$(previous)))\
	$(eval previous := $(BUILD)/objects/$(module).o))

# The compiler writes beside each object what the source included.
$(BUILD)/objects/CLinux/%.o: Sources/CLinux/%.c Makefile | tools
	@echo 'cc      $<'
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(C_FLAGS) -c $< -o $@
-include $(ALL_C_OBJECTS:.o=.d)

# On the way of programs that meet no exception.
$(filter %/seh_bodies.o,$(ALL_C_OBJECTS)): C_FLAGS += -O2

# Its function stands below all of a thread's, which debuggers and pthread_exit unwind.
$(SHARED_OBJECT): C_FLAGS += -DWIN32MEMORY_SHARED_LIBRARY -fasynchronous-unwind-tables

# The headers are the list of exports; a name may stand on the line after a long type.
$(BUILD)/exports.txt: $(HEADERS) Makefile | $(BUILD)/objects
	$(Q){ sed -nE '/^WINBASEAPI/ { /\(/! N; s/\n/ /; p }' $(HEADERS) \
		| sed -nE 's/.*\bWINAPI +([A-Za-z_][A-Za-z0-9_]*)\(.*/\1/p'; \
		grep -hoE 'WIN32MEMORY_WIDE\([A-Z][A-Za-z0-9]*\)' $(HEADERS) \
		| sed -E 's/.*\((.*)\)/\1_utf16/'; } | LC_ALL=C sort -u > $@

# The same list for GetProcAddress. It is kept with the sources because `swift test` needs it too.
EXPORTED_FUNCTIONS := $(shell find Sources/CLinux -name exported_functions.h)
$(BUILD)/exported_functions.h: $(BUILD)/exports.txt
	$(Q){ echo '/* Written by make from the prototypes in Include/: every exported name. */'; \
		sed 's/.*/EXPORTED(&)/' $<; } > $@
	$(Q)cmp -s $@ $(EXPORTED_FUNCTIONS) || cp $@ $(EXPORTED_FUNCTIONS)
$(filter %/exported_functions.o,$(ALL_C_OBJECTS)): $(BUILD)/exported_functions.h

$(BUILD)/exports.map: $(BUILD)/exports.txt
	$(Q){ echo 'WIN32MEMORY_1.0 { global: pthread_create;'; sed 's/$$/;/' $<; echo 'local: *; };'; } > $@

$(LIBRARY): $(SWIFT_OBJECTS) $(C_OBJECTS) $(SHARED_OBJECT) $(BUILD)/exports.map
	@echo 'link    $@'
	$(Q)$(CC) $(LINK_FLAGS) $(SWIFT_OBJECTS) $(C_OBJECTS) $(SHARED_OBJECT) $(LINK_LIBRARIES) -o $(BUILD)/libwin32memory.so.$(VERSION)
	$(Q)ln -sf libwin32memory.so.$(VERSION) $(BUILD)/$(SONAME)
	$(Q)ln -sf $(SONAME) $@

# One object with everything but the exports made local, so that nothing of it meets the program's
# own symbols (or another Swift runtime's).
$(ARCHIVE): $(SWIFT_OBJECTS) $(C_OBJECTS) $(BUILD)/exports.txt
	@echo 'archive $@'
	$(Q)$(LD) -r --gc-sections $(foreach name,$(shell cat $(BUILD)/exports.txt 2>/dev/null),-u $(name)) \
		$(SWIFT_OBJECTS) $(C_OBJECTS) -o $(BUILD)/objects/win32memory.o
	$(Q)$(OBJCOPY) --keep-global-symbols=$(BUILD)/exports.txt $(BUILD)/objects/win32memory.o
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $(BUILD)/objects/win32memory.o

# The programs, as on Windows: only <windows.h> and the C library.
PROGRAM_FLAGS := -std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -I Include
PROGRAM_LINK := -L $(BUILD) -lwin32memory -Wl,-rpath,'$$ORIGIN'
ALLOCATOR_SOURCES := $(filter-out %/resident_windows.c,$(wildcard CTests/programs/small_allocator/*.c))

$(BUILD)/small_allocator: $(ALLOCATOR_SOURCES) $(wildcard CTests/programs/small_allocator/*.h) $(LIBRARY)
	$(Q)$(CC) $(PROGRAM_FLAGS) $(ALLOCATOR_SOURCES) $(PROGRAM_LINK) -o $@

$(BUILD)/%: CTests/programs/%.c $(LIBRARY)
	$(Q)$(CC) $(PROGRAM_FLAGS) $< $(PROGRAM_LINK) -o $@

DEMOS := $(basename $(notdir $(wildcard CTests/programs/*.c)))

demo: all $(DEMOS:%=$(BUILD)/%) $(BUILD)/small_allocator
	@for program in $(DEMOS); do echo; echo "== $$program"; $(BUILD)/$$program || exit 1; done
	@echo; echo "== small_allocator, indexing the C headers of this machine"
	@find /usr/include -name '*.h' 2>/dev/null | LC_ALL=C sort | head -2000 > $(BUILD)/texts.txt
	@$(BUILD)/small_allocator --list $(BUILD)/texts.txt

# Each suite ends with its own closing line; any failure fails the whole. Scripts skip by name what a
# missing program is needed for; without Python there are no scripts.
TEST_STEPS := swift-tests c-tests old-kernel-tests port-tests sanitized-tests install-tests soak-short
CHECK_STEPS := lint layers headers symbols thread-tests c-tests
STEPS_WITHOUT_PYTHON := swift-tests lint thread-tests

# $(1) steps.
define try_steps
	@.ci/setup $@ || true
	@if command -v $(PYTHON) >/dev/null; then $(MAKE) --no-print-directory $(1); else \
		$(MAKE) --no-print-directory $(filter $(STEPS_WITHOUT_PYTHON),$(1)) && \
		echo 'skipped: $(filter-out $(STEPS_WITHOUT_PYTHON),$(1)) ($(PYTHON) is missing)'; fi
endef

test:
	$(call try_steps,$(TEST_STEPS))

check:
	$(call try_steps,$(CHECK_STEPS))
	@echo "check: passed"

python:
	@command -v $(PYTHON) >/dev/null || { echo '$(PYTHON) is missing: apt-get install python3' >&2; exit 1; }

# $(1) options. What failed is said once more behind the runner's closing line: among the lines of
# hundreds of tests it is hard to find.
define swift_test
	@mkdir -p $(BUILD); rm -f $(BUILD)/swift-tests.failed; \
	{ swift test $(1) 2>&1 || touch $(BUILD)/swift-tests.failed; } | tee $(BUILD)/swift-tests.txt; \
	[ ! -e $(BUILD)/swift-tests.failed ] || \
		{ echo "$(strip swift test $(1)) failed:"; grep -aE '✘|error:|WARNING:' $(BUILD)/swift-tests.txt; exit 1; }
endef

swift-tests: tools
	$(call swift_test,)

c-tests: python all
	$(PYTHON) CTests/run --self-check
	$(PYTHON) CTests/run

# What asks the kernel in ways that Linux 6.1 does not know.
old-kernel-tests: python all
	$(PYTHON) CTests/run --old-kernel

# Programs as the Windows branches of allocators, collectors and code generators are.
# As a porter builds: with the flags that pkg-config gives for an installed copy.
port-tests: python all
	@if command -v pkg-config >/dev/null; then \
		$(MAKE) -s install PREFIX=$(CURDIR)/$(BUILD)/stage >/dev/null && \
		PKG_CONFIG_PATH=$(CURDIR)/$(BUILD)/stage/lib/pkgconfig \
			$(PYTHON) CTests/ports/run --package win32memory; \
	else \
		echo "skipped: the flags that pkg-config gives (pkg-config is missing); they are given by hand"; \
		$(PYTHON) CTests/ports/run; \
	fi

# Random histories, threads, signals and forks against models: CTests/soak/README.md. A minute of it
# is part of the tests.
soak: python all
	$(PYTHON) CTests/soak/run --seconds 600

soak-short: python all
	$(PYTHON) CTests/soak/run --self-check
	$(PYTHON) CTests/soak/run --seconds 60 --seed 1

# Which lines the tests run, in builds of its own.
coverage: python tools
	swift test --enable-code-coverage --scratch-path .build/coverage
	$(MAKE) BUILD=$(BUILD)/coverage COVERAGE=1 all
	$(PYTHON) CTests/coverage --build $(BUILD)/coverage

sanitized-tests: python all
	$(PYTHON) CTests/run --sanitize

# In a folder of its own: what is built for one is of no use to the other.
thread-tests: tools
	$(call swift_test,--sanitize=thread --scratch-path .build/thread)

# Formatting and lint of every Swift and C file.
lint: tools
	swift format lint --strict --recursive Package.swift Sources Tests
	@if command -v clang-format >/dev/null; then \
		find Sources Include Tests CTests -name '*.[ch]' -exec clang-format --dry-run --Werror {} +; \
	else echo 'skipped: the format of C (clang-format is missing)'; fi

# What the sources import is what Package.swift lists; files named in a README.md exist. Both checks must
# notice what is broken on purpose.
layers: python
	$(PYTHON) CTests/layers/run
	$(PYTHON) CTests/layers/run --self-check

headers: python tools
	$(PYTHON) CTests/headers/run

# What the library exports is what the headers declare; what it needs is the C library alone.
symbols: python all
	$(PYTHON) CTests/symbols $(LIBRARY) $(ARCHIVE) $(BUILD)/exports.txt

# The same programs and tests on another implementation (packages gcc-mingw-w64-x86-64, wine and wine64).
oracle: python all
	$(PYTHON) CTests/oracle/run
	$(PYTHON) CTests/headers/run --oracle
	$(PYTHON) CTests/ports/run --oracle

bench: python all
	$(PYTHON) CTests/bench/run --json $(BUILD)/bench.json --svg $(BUILD)/bench.svg

bench-quick: python all
	$(PYTHON) CTests/bench/run --quick

# Against CTests/bench/baseline.json: instructions and system calls, which repeat, and are for CI ...
bench-counts: python all
	$(PYTHON) CTests/bench/counts

# ... and ratios of times, which want a quiet machine.
bench-compare: bench-counts
	$(PYTHON) CTests/bench/run --compare

bench-save: python all
	$(PYTHON) CTests/bench/counts --save
	$(PYTHON) CTests/bench/run --save

# The same rows under Wine (packages gcc-mingw-w64-x86-64, wine and wine64).
bench-wine: python all
	$(PYTHON) CTests/bench/run --wine --quick

# A study of the kernel's share: what writing to fresh memory costs, by size and by madvise.
bench-first-touch: python all
	$(PYTHON) CTests/bench/run --programs first_touch_rows

# What the library is built with. What else the tests use, .ci/setup brings or names.
tools:
	@missing() { echo "$$1 is missing: $$2" >&2; exit 1; }; \
	command -v $(SWIFTC) >/dev/null || missing $(SWIFTC) "install the Swift 6.3 toolchain, and put its usr/bin into PATH"; \
	command -v $(CC) >/dev/null || missing $(CC) "apt-get install gcc"; \
	command -v $(LD) >/dev/null || missing $(LD) "apt-get install binutils"; \
	command -v $(AR) >/dev/null || missing $(AR) "apt-get install binutils"; \
	command -v $(OBJCOPY) >/dev/null || missing $(OBJCOPY) "apt-get install binutils"; \
	echo '#include <stddef.h>' | $(CC) -fsyntax-only -include stdio.h -xc - 2>/dev/null \
		|| missing stdio.h "apt-get install libc6-dev"

include .packaging/install.mk
include .packaging/debian.mk

clean:
	rm -rf $(BUILD) .build
