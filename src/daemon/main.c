/* main.c - kattegatd. */
