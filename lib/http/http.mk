noinst_LIBRARIES += lib/http/libhttp.a
lib_http_libhttp_a_SOURCES = \
	lib/http/chars.c lib/http/chars.h \
	lib/http/cond.c lib/http/cond.h \
	lib/http/fields.c lib/http/fields.h \
	lib/http/parser.c lib/http/parser.h \
	lib/http/reason.c \
	lib/http/server.h \
	lib/http/target.c lib/http/target.h
