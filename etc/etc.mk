# etc

# Brackets: configure must not fill these in.
ETC_SED = $(SED) -e 's|[@]sbindir[@]|$(sbindir)|g' -e 's|[@]bindir[@]|$(bindir)|g' \
	-e 's|[@]sysconfdir[@]|$(sysconfdir)|g' -e 's|[@]VERSION[@]|$(PACKAGE_VERSION)|g'

# What the table of options is the truth of is printed by the program itself.
etc/kattegat.conf: src/daemon/kattegatd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) etc && src/daemon/kattegatd$(EXEEXT) \
		--print-sample > $@.part && mv $@.part $@
etc/kattegat.conf.5: etc/kattegat.conf.5.in Makefile src/daemon/kattegatd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) etc && src/daemon/kattegatd$(EXEEXT) \
		--print-man > $@.options && \
		$(ETC_SED) -e '/[@]OPTIONS[@]/r $@.options' \
		-e '/[@]OPTIONS[@]/d' \
		$(srcdir)/etc/kattegat.conf.5.in > $@.part && \
		rm -f $@.options && mv $@.part $@
etc/kattegat-metrics.5: etc/kattegat-metrics.5.in Makefile \
		src/daemon/kattegatd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) etc && src/daemon/kattegatd$(EXEEXT) \
		--print-metrics > $@.metrics && \
		$(ETC_SED) -e '/[@]METRICS[@]/r $@.metrics' \
		-e '/[@]METRICS[@]/d' \
		$(srcdir)/etc/kattegat-metrics.5.in > $@.part && \
		rm -f $@.metrics && mv $@.part $@
etc/kattegatd.8: etc/kattegatd.8.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc && $(ETC_SED) \
		$(srcdir)/etc/kattegatd.8.in > $@.part && mv $@.part $@
etc/kattegatd.service: etc/kattegatd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc && $(ETC_SED) \
		$(srcdir)/etc/kattegatd.service.in > $@.part && mv $@.part $@

ETC_GENERATED = etc/kattegat.conf etc/kattegat.conf.5 \
	etc/kattegat-metrics.5 etc/kattegatd.8 etc/kattegatd.service

nodist_man_MANS += etc/kattegatd.8 etc/kattegat.conf.5 etc/kattegat-metrics.5
# Beside the documentation: an installation never touches an operator's file.
nodist_doc_DATA = etc/kattegat.conf
sysusersdir = $(prefix)/lib/sysusers.d
dist_sysusers_DATA = etc/sysusers.d/kattegatd.conf
nodist_systemdsystemunit_DATA = etc/kattegatd.service
dist_systemdsystemunit_DATA = etc/kattegatd.socket etc/kattegatd-clear.socket

TESTS += etc/check-units
EXTRA_DIST += etc/check-units etc/kattegat.conf.5.in \
	etc/kattegat-metrics.5.in etc/kattegatd.8.in \
	etc/kattegatd.service.in
CLEANFILES += $(ETC_GENERATED)
