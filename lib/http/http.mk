# lib/http
