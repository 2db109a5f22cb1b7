# lib/loop
