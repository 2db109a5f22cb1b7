noinst_LIBRARIES += lib/mail/libmail.a
lib_mail_libmail_a_SOURCES = \
	lib/mail/message.c lib/mail/message.h \
	lib/mail/sender.c lib/mail/sender.h
lib_mail_libmail_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_mail
TESTS += tests/unit/test_mail
tests_unit_test_mail_SOURCES = tests/unit/test_mail.c
tests_unit_test_mail_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_mail_LDADD = lib/mail/libmail.a $(LOOP_LIBS) \
	lib/base/libbase.a $(CURL_LIBS) $(UNIT_LIBS)
endif
