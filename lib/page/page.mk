# lib/page
