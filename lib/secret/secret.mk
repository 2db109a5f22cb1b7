# lib/secret
