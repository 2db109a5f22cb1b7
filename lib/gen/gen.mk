# lib/gen
