package io.wellspring.protocol;

import io.wellspring.batch.FileSlice;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Records of a fetch response that stay in their file: carries the slice, with one of its references, through a generated
 * message to {@link ResponseEncoder}, which makes it a part of the response.
 *
 * @param slice whole batches of a segment
 */
public record FileSliceRecords(FileSlice slice) implements BaseRecords {
    @Override
    public int sizeInBytes() {
        return slice.sizeBytes();
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException(
                "file slices leave through ResponseEncoder, not through Kafka's senders");
    }

    /** Gives back every slice of a message that will not be encoded. */
    public static void release(ApiMessage response) {
        if (response instanceof FetchResponseData fetch) {
            fetch.responses().forEach(topic -> topic.partitions().forEach(partition -> release(partition.records())));
        } else if (response instanceof ShareFetchResponseData fetch) {
            fetch.responses().forEach(topic -> topic.partitions().forEach(partition -> release(partition.records())));
        }
    }

    private static void release(BaseRecords records) {
        if (records instanceof FileSliceRecords(FileSlice slice)) {
            slice.release();
        }
    }
}
