# lib/json
