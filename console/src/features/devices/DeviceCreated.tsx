// DeviceCreated.tsx - what a new device must be told, shown this once.
//
// SPDX-License-Identifier: MIT
import { Button, Modal } from "antd";
import type { Schema } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Facts } from "../../parts/Facts.tsx";

interface DeviceCreatedProps {
  device: Schema["DeviceWithSecret"];
  onClose: () => void;
}

export function DeviceCreated({ device, onClose }: DeviceCreatedProps) {
  const t = useTexts();
  const value = (what: string, text: string) => (
    <span>
      <code>{text}</code> <CopyButton text={text} label={t.common.copyValue(what)} />
    </span>
  );
  return (
    <Modal
      open
      title={t.devices.createdTitle(device.device_name)}
      maskClosable={false}
      onCancel={onClose}
      closable={{ "aria-label": t.common.close }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t.common.close}
        </Button>
      }
    >
      <div className="stack" style={{ gap: 16 }}>
        <p>{t.devices.createdHint}</p>
        <Facts
          rows={[
            [t.devices.productKey, value(t.devices.productKey, device.product_key)],
            [t.devices.deviceName, value(t.devices.deviceName, device.device_name)],
            [t.devices.secret, value(t.devices.secret, device.device_secret)],
          ]}
        />
      </div>
    </Modal>
  );
}
