noinst_LIBRARIES += lib/json/libjson.a
lib_json_libjson_a_SOURCES = lib/json/value.c lib/json/value.h
lib_json_libjson_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_json
TESTS += tests/unit/test_json
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_json_LDADD = lib/json/libjson.a lib/base/libbase.a \
	$(JANSSON_LIBS) $(UNIT_LIBS)
endif
