# tests
TESTS += tests/lint/layers
EXTRA_DIST += tests/lint tests/sql tests/system
