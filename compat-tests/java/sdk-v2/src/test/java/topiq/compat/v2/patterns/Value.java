package topiq.compat.v2.patterns;

import java.util.List;
import java.util.stream.Collectors;

/** A JSON value that is written as it is made: with members that repeat, and numbers as they are spelled. */
sealed interface Value {

    record Text(String text) implements Value {
        @Override
        public String toString() {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** A number, a boolean, null; or any JSON. */
    record Raw(String json) implements Value {
        @Override
        public String toString() {
            return json;
        }
    }

    record Items(List<Value> items) implements Value {
        @Override
        public String toString() {
            return items.stream().map(Value::toString).collect(Collectors.joining(",", "[", "]"));
        }
    }

    record Members(List<Member> members) implements Value {
        @Override
        public String toString() {
            return members.stream().map(Member::toString).collect(Collectors.joining(",", "{", "}"));
        }
    }

    record Member(String name, Value value) {
        @Override
        public String toString() {
            return new Text(name) + ":" + value;
        }
    }

    static Value text(String text) {
        return new Text(text);
    }

    static Value raw(Object json) {
        return new Raw(json.toString());
    }

    static Value items(Value... items) {
        return new Items(List.of(items));
    }

    /** An object with one member. */
    static Value of(String name, Value value) {
        return new Members(List.of(new Member(name, value)));
    }
}
