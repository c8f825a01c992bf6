# make deb: the Debian packages, in build/deb. Included by Makefile; needs debhelper and dpkg-dev.
#
#   DEBFULLNAME, DEBEMAIL   the packages' maintainer; whoever hands them out sets both

DEB_FOLDER := $(BUILD)/deb
DEB_TREE := $(DEB_FOLDER)/win32memory-$(VERSION)
DEBFULLNAME ?= libwin32memory maintainers
DEBEMAIL ?= maintainers@example.org
MAINTAINER = $(DEBFULLNAME) <$(DEBEMAIL)>

.PHONY: deb

# debhelper wants debian/ at the top of a source tree, so it gets a tree of its own, whose rules
# install from this one. Build dependencies are not checked: the compiler is no Debian package.
deb: all manual $(BUILD)/$(FILE_NAME)
	@command -v dh >/dev/null || { echo 'dh is missing: apt-get install debhelper' >&2; exit 1; }
	$(Q)case "$$(dpkg-parsechangelog -l $(PACKAGING)/debian/changelog -S Version)" in \
		$(VERSION)-*) ;; *) echo 'debian/changelog is not about $(VERSION)' >&2; exit 1;; esac
	$(Q)rm -rf $(DEB_FOLDER)
	$(Q)mkdir -p $(DEB_TREE)
	$(Q)cp -R $(PACKAGING)/debian $(DEB_TREE)/debian
	$(Q)sed -i 's|@MAINTAINER@|$(MAINTAINER)|' $(DEB_TREE)/debian/control $(DEB_TREE)/debian/changelog
	$(Q)cd $(DEB_TREE) && WIN32MEMORY_SOURCES="$(CURDIR)" \
		dpkg-buildpackage --build=binary --unsigned-changes --no-check-builddeps
	@ls $(DEB_FOLDER)/*.deb
