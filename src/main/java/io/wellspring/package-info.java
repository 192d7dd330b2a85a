/**
 * The map of the house. Data flows one way: {@code network -> api -> coordinator -> partition -> log}.
 *
 * <ul>
 *   <li>{@code network}: sockets, frames, response order, back-pressure, limits; Netty only here
 *   <li>{@code protocol}: what the bytes of a request mean, which versions we speak
 *   <li>{@code api}: one handler class per Kafka API, the dispatcher, the map of error codes
 *   <li>{@code partition}: a partition as this broker serves it; shards and the replication seam
 *   <li>{@code topic}: which topics exist and how they are set
 *   <li>{@code log}: one append-only log on disk, recovery, retention, log directories
 *   <li>{@code batch}: the record batch, one format from producer to disk to consumer
 *   <li>{@code management}: Actuator, health, meters; looks into every room, no room knows it
 *   <li>{@code model}, {@code support}: the floor under everything
 * </ul>
 */
@NullMarked
package io.wellspring;

import org.jspecify.annotations.NullMarked;
