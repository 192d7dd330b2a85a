package io.wellspring.partition;

import io.wellspring.batch.RecordOrigin;
import io.wellspring.batch.ValidationOutcome;
import io.wellspring.batch.ValidationRules;
import io.wellspring.batch.compression.Compression;
import io.wellspring.model.CompressionType;
import io.wellspring.topic.TopicSettings;
import java.util.List;

/**
 * What a topic's settings ask of batches, worked out when the settings change, and the validator's answer in a partition's words.
 * Threads: any.
 *
 * @param client of those in produce requests
 * @param broker of those that this broker makes itself
 */
record AppendRules(TopicSettings settings, ValidationRules client, ValidationRules broker) {
    static AppendRules of(TopicSettings settings) {
        return new AppendRules(settings, rules(settings, RecordOrigin.CLIENT), rules(settings, RecordOrigin.BROKER));
    }

    private static ValidationRules rules(TopicSettings settings, RecordOrigin origin) {
        CompressionType codec = settings.compression();
        // The broker's records bear its own clock's time. By the time they are judged that lies behind the clock, and a
        // topic default of no lateness at all would keep even the catalog from being written, and so from being mended.
        boolean isJudgedByTime = origin == RecordOrigin.CLIENT;
        return new ValidationRules(
                origin,
                settings.maxMessageBytes(),
                settings.timestampType(),
                isJudgedByTime ? settings.timestampBeforeMaxMs() : Long.MAX_VALUE,
                isJudgedByTime ? settings.timestampAfterMaxMs() : Long.MAX_VALUE,
                codec == null ? null : new Compression(codec, settings.compressionLevel(codec)),
                settings.isCompacted(),
                settings.maxDecompressedBytes());
    }

    ValidationRules of(RecordOrigin origin) {
        return switch (origin) {
            case CLIENT -> client;
            case BROKER -> broker;
        };
    }

    static AppendOutcome.Refused refusal(ValidationOutcome.Invalid invalid) {
        AppendRefusal reason = switch (invalid.reason()) {
            case CORRUPT -> AppendRefusal.CORRUPT;
            case INVALID_RECORD -> AppendRefusal.INVALID_RECORD;
            case INVALID_TIMESTAMP -> AppendRefusal.INVALID_TIMESTAMP;
            case RECORD_TOO_LARGE -> AppendRefusal.RECORD_TOO_LARGE;
            case UNSUPPORTED_COMPRESSION -> AppendRefusal.UNSUPPORTED_COMPRESSION;
        };
        List<AppendOutcome.RecordError> errors = invalid.recordErrors().stream()
                .map(error -> new AppendOutcome.RecordError(error.index(), error.message()))
                .toList();
        return new AppendOutcome.Refused(reason, invalid.message(), errors);
    }
}
