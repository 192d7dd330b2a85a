package io.wellspring.api.data;

import io.wellspring.model.TopicId;

/**
 * Names a partition as a fetch request does: by topic id from version 13 on, by name before.
 *
 * @param topicId {@link TopicId#ZERO} if the request speaks of names
 * @param topic empty if the request speaks of ids
 * @param partition as the client sent it, perhaps negative
 */
record FetchKey(TopicId topicId, String topic, int partition) {}
