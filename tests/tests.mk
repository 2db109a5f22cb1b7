# tests
TESTS += tests/lint/layers
EXTRA_DIST += tests/system \
	tests/lint/all.py tests/lint/layers tests/lint/layers.py \
	tests/lint/pages.py tests/lint/queries.py tests/lint/scripts.py \
	tests/lint/sizes.py tests/lint/texts.py tests/lint/tree.py

AM_DISTCHECK_CONFIGURE_FLAGS = --enable-strict

# Folders are taken along as they are; what Python leaves in them is not.

dist-hook:
	find "$(distdir)" -name __pycache__ -exec rm -rf {} +
