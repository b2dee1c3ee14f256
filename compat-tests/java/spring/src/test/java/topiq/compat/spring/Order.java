package topiq.compat.spring;

/** The subject of the shop's messages. */
record Order(int number, String item) {}
