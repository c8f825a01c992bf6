# make install, make uninstall, make manual: the library for other programs. Included by Makefile.
#
#   PREFIX      /usr/local          where the installed copy is used from
#   DESTDIR     (none)              put before every path while copying; nothing else is written
#                                   then, and no root is needed
#   LIBDIR      PREFIX/lib          libraries, with pkgconfig/, cmake/ and debug/ below
#   INCLUDEDIR  PREFIX/include      the headers go to win32memory/ below
#   MANDIR      PREFIX/share/man    the manual pages go to man3/ below
#   STRIPPED    yes                 no: libraries with their debug information, for packagers
#                                   whose tools take it off themselves
#   LDCONFIG    ldconfig            run by root without DESTDIR, so that programs find the library

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
STRIPPED ?= yes
LDCONFIG ?= ldconfig
STRIP ?= strip
INSTALL ?= install

# What a source file needs to take its Windows branch on Linux. Both families of names go: code asks
# for any of them, and takes two branches at once where one is left.
WINDOWS_DEFINES := _WIN32 _WIN64
LINUX_MACROS := __linux__ __linux linux __gnu_linux__ __unix__ __unix unix

PACKAGING := .packaging
FILE_NAME := libwin32memory.so.$(VERSION)
STRIPPED_FOLDER := $(BUILD)/stripped
MANUAL := $(BUILD)/manual

installed_headers = $(DESTDIR)$(INCLUDEDIR)/win32memory
installed_cmake = $(DESTDIR)$(LIBDIR)/cmake/Win32Memory
# Where the debug information of the library $(1) belongs below LIBDIR, by its build id.
debug_file = readelf -n "$(1)" | sed -nE 's|^ *Build ID: (..)(.*)|debug/.build-id/\1/\2.debug|p'

# A path below PREFIX as pkg-config likes it, so that a moved copy can be used by --define-prefix.
below_prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))
substitute = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@SONAME@|$(SONAME)|g' \
	-e 's|@PREFIX@|$(PREFIX)|g' \
	-e 's|@LIBDIR@|$(call below_prefix,$(LIBDIR))|g' \
	-e 's|@INCLUDEDIR@|$(call below_prefix,$(INCLUDEDIR))|g' \
	-e 's|@LIBDIR_TO_INCLUDEDIR@|$(shell realpath -m --relative-to="$(LIBDIR)" "$(INCLUDEDIR)")|g' \
	-e 's|@WINDOWS_DEFINES@|$(WINDOWS_DEFINES)|g' \
	-e 's|@LINUX_MACROS@|$(LINUX_MACROS)|g' \
	-e 's|@WIN32_CFLAGS@|$(WINDOWS_DEFINES:%=-D%) $(LINUX_MACROS:%=-U%)|g'

.PHONY: install uninstall manual install-tests

manual: $(MANUAL)/written
$(MANUAL)/written: $(HEADERS) $(wildcard $(PACKAGING)/manual/*) Makefile | python
	@echo 'manual  $(MANUAL)'
	$(Q)rm -rf $(MANUAL)
	$(Q)$(PYTHON) $(PACKAGING)/manual/generate --version $(VERSION) Include $(MANUAL)
	$(Q)touch $@

# The debug information lies beside, found by build id or, by its name, through .gnu_debuglink.
$(STRIPPED_FOLDER)/$(FILE_NAME): $(LIBRARY) $(PACKAGING)/install.mk
	@echo 'strip   $@'
	$(Q)rm -rf $(STRIPPED_FOLDER)
	$(Q)set -e; debug=$(STRIPPED_FOLDER)/$$($(call debug_file,$(BUILD)/$(FILE_NAME))); \
		mkdir -p $${debug%/*}; \
		$(OBJCOPY) --only-keep-debug $(BUILD)/$(FILE_NAME) $$debug; \
		$(STRIP) --strip-unneeded --remove-section=.comment -o $@ $(BUILD)/$(FILE_NAME); \
		$(OBJCOPY) --add-gnu-debuglink=$$debug $@

$(STRIPPED_FOLDER)/libwin32memory.a: $(ARCHIVE) $(STRIPPED_FOLDER)/$(FILE_NAME)
	$(Q)$(STRIP) --enable-deterministic-archives --strip-debug --remove-section=.comment -o $@ $<

ifeq ($(STRIPPED),yes)
to_install := $(STRIPPED_FOLDER)/$(FILE_NAME) $(STRIPPED_FOLDER)/libwin32memory.a
else
to_install := $(BUILD)/$(FILE_NAME) $(ARCHIVE)
endif

$(BUILD)/$(FILE_NAME): $(LIBRARY)

install: $(to_install) manual
	$(if $(filter /%,$(PREFIX)),,$(error PREFIX must be an absolute path))
	$(Q)$(INSTALL) -d "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(installed_cmake)" \
		"$(installed_headers)/win32memory" "$(DESTDIR)$(MANDIR)/man3"
	$(Q)$(INSTALL) -m 644 $(to_install) "$(DESTDIR)$(LIBDIR)"
	$(Q)ln -sf $(FILE_NAME) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	$(Q)ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/libwin32memory.so"
ifeq ($(STRIPPED),yes)
	$(Q)debug=$$($(call debug_file,$(BUILD)/$(FILE_NAME))); \
		$(INSTALL) -D -m 644 $(STRIPPED_FOLDER)/$$debug "$(DESTDIR)$(LIBDIR)/$$debug"
endif
	$(Q)$(INSTALL) -m 644 $(wildcard Include/*.h) "$(installed_headers)"
	$(Q)$(INSTALL) -m 644 $(wildcard Include/win32memory/*.h) "$(installed_headers)/win32memory"
	$(Q)$(INSTALL) -m 644 $(MANUAL)/*.3 "$(DESTDIR)$(MANDIR)/man3"
	$(Q)$(substitute) $(PACKAGING)/win32memory.pc.in > "$(DESTDIR)$(LIBDIR)/pkgconfig/win32memory.pc"
	$(Q)for file in Win32MemoryConfig Win32MemoryConfigVersion; do \
		$(substitute) $(PACKAGING)/cmake/$$file.cmake.in > "$(installed_cmake)/$$file.cmake" || exit 1; \
	done
	$(Q)chmod 644 "$(DESTDIR)$(LIBDIR)/pkgconfig/win32memory.pc" "$(installed_cmake)"/*
	$(Q)if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then $(LDCONFIG); fi
	@echo 'installed in $(DESTDIR)$(PREFIX)'

# Removes what install of this version brings, and directories that nobody else uses.
uninstall: manual
	$(Q)if [ -e "$(DESTDIR)$(LIBDIR)/$(FILE_NAME)" ]; then \
		cd "$(DESTDIR)$(LIBDIR)"; debug=$$($(call debug_file,$(FILE_NAME))); rm -f "$$debug"; \
		rmdir -p "$${debug%/*}" 2>/dev/null || true; \
	fi
	$(Q)rm -f "$(DESTDIR)$(LIBDIR)/$(FILE_NAME)" "$(DESTDIR)$(LIBDIR)/$(SONAME)" \
		"$(DESTDIR)$(LIBDIR)/libwin32memory.so" "$(DESTDIR)$(LIBDIR)/libwin32memory.a" \
		"$(DESTDIR)$(LIBDIR)/pkgconfig/win32memory.pc"
	$(Q)rm -rf "$(installed_headers)" "$(installed_cmake)"
	$(Q)for page in $(MANUAL)/*.3; do rm -f "$(DESTDIR)$(MANDIR)/man3/$${page##*/}"; done
	$(Q)if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then $(LDCONFIG); fi
	@echo 'removed from $(DESTDIR)$(PREFIX)'

# An installed copy as its users find it: pkg-config, CMake, Meson, man, the Debian packages.
install-tests: python all
	$(PYTHON) CTests/install/run
