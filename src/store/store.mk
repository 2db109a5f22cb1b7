# The queries' header is made before anything is compiled by `make`; who makes one
# object by hand gets it by the rule below.
noinst_LIBRARIES += src/store/libstore.a
src_store_libstore_a_SOURCES = \
	src/store/api.c src/store/api.h \
	src/store/feed.c src/store/feed.h \
	src/store/jobs.c src/store/jobs.h \
	src/store/pages.c src/store/pages.h
nodist_src_store_libstore_a_SOURCES = src/store/queries.c src/store/queries.h
$(src_store_libstore_a_OBJECTS): src/store/queries.h
