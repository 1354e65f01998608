import CCurl

/// What runs on the client's thread: starts, drives and ends transfers until told to stop.
struct TransferLoop {
    private let mailbox: Mailbox
    private var transfers: [UInt64: Transfer] = [:]

    /// The library's own set-up, which must happen once and before any other call.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    consuming func run() {
        guard Self.isLibraryReady, let multi = curl_multi_init() else { return mailbox.close() }
        _ = wharf_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64)
        _ = wharf_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16)
        mailbox.open(Alarm(multi))
        while obeyOrders(multi) {
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished(multi)
            // Returns at once where something is ready, on a wake-up, and in time for libcurl's own timers.
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
        for transfer in transfers.values { end(transfer, multi, .failure(.shutDown)) }
        mailbox.close()
        curl_multi_cleanup(multi)
    }

    /// Does what was asked for since the last round; false once the client is to stop.
    private mutating func obeyOrders(_ multi: UnsafeMutableRawPointer) -> Bool {
        var goesOn = true
        for order in mailbox.take() {
            switch order {
            case .start(let order):
                guard goesOn else {
                    mailbox.finish(order, .failure(.shutDown))
                    continue
                }
                start(order, multi)
            case .cancel(let id):
                if let transfer = transfers[id] { end(transfer, multi, .failure(.cancelled)) }
            case .resume(let id):
                transfers[id]?.resume()
            case .stop:
                goesOn = false
            }
        }
        return goesOn
    }

    private mutating func start(_ order: TransferOrder, _ multi: UnsafeMutableRawPointer) {
        do throws(HTTPClientError) {
            let transfer = try Transfer(order)
            guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
                transfer.free()
                throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue))
            }
            transfers[order.id] = transfer
        } catch {
            mailbox.finish(order, .failure(error))
        }
    }

    private mutating func collectFinished(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let code = wharf_curl_message_result(message)
            let handle = message.pointee.easy_handle
            guard let transfer = transfers.values.first(where: { $0.handle == handle }) else { continue }
            end(transfer, multi, transfer.result(code))
        }
    }

    private mutating func end(
        _ transfer: Transfer,
        _ multi: UnsafeMutableRawPointer,
        _ result: Result<HTTPResponse, HTTPClientError>
    ) {
        transfers[transfer.order.id] = nil
        curl_multi_remove_handle(multi, transfer.handle)
        transfer.free()
        mailbox.finish(transfer.order, result)
    }
}
