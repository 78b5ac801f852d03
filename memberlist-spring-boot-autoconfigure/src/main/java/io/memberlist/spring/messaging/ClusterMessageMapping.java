package io.memberlist.spring.messaging;

/**
 * The mapping between objects and cluster messages: which topic an object has, and which payload.
 *
 * @param topics the topics of types
 * @param converter converts objects to payloads and back
 */
public record ClusterMessageMapping(ClusterTopics topics, ClusterMessageConverter converter) {}
