import Compression

func gunzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    try Compression.inflate(bytes, format: .gzip, limit: 8 << 20)
}
