package io.wellspring.api;

/** What the dispatcher tells about requests; {@code management} makes meters of it. Threads: any; must not block. */
public interface RequestMetrics {
    /** Counts nothing. */
    RequestMetrics NONE = new RequestMetrics() {
        @Override
        public void answered(String api, long elapsedNanos) {}

        @Override
        public void error(String api, String code) {}

        @Override
        public void failed(String api) {}

        @Override
        public void refused(String api) {}
    };

    /**
     * A request was answered, with success or an expected error.
     *
     * @param api Kafka's name of the API, such as {@code Produce}
     * @param elapsedNanos from the frame's arrival at the dispatcher to its response, waiting included
     */
    void answered(String api, long elapsedNanos);

    /**
     * An answer carries an error, for the whole request or for one thing that it names.
     *
     * @param code Kafka's name of the error, such as {@code NOT_LEADER_OR_FOLLOWER}
     */
    void error(String api, String code);

    /** A request ran into a bug or a broken disk; it was answered with an error. */
    void failed(String api);

    /** A request could not be read or has no answer; its connection is closed. The API is {@code unknown} if even its key means nothing. */
    void refused(String api);
}
