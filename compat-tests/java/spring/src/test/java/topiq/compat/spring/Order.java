package topiq.compat.spring;

/** What the shop's messages are about. */
record Order(int number, String item) {}
