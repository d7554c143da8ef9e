// theme.ts - Ant Design in our colours. The same colours for our own markup are
// the variables at the top of app.css; both must be changed together.
//
// SPDX-License-Identifier: MIT
import { theme, type ThemeConfig } from "antd";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const FONT_CODE =
  'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

const shared: ThemeConfig["token"] = {
  fontFamily: FONT,
  fontFamilyCode: FONT_CODE,
  borderRadius: 8,
  fontSize: 14,
  motionDurationMid: "0.15s",
  motionDurationSlow: "0.2s",
};

const light: ThemeConfig = {
  algorithm: theme.defaultAlgorithm,
  token: {
    ...shared,
    colorPrimary: "#0b5d75",
    colorInfo: "#0b5d75",
    colorLink: "#0b5d75",
    colorLinkHover: "#084a5d",
    colorSuccess: "#156c3f",
    colorWarning: "#9a5b00",
    colorError: "#c0362c",
    colorText: "#17212b",
    colorTextSecondary: "#56626e",
    colorTextTertiary: "#5f6b77",
    colorTextDescription: "#5f6b77",
    colorTextPlaceholder: "#67727e",
    colorBgLayout: "#f4f6f8",
    colorBorder: "#c6ced6",
    colorBorderSecondary: "#e3e8ed",
  },
};

const dark: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    ...shared,
    colorPrimary: "#1b7d99",
    colorInfo: "#1b7d99",
    colorLink: "#69c3dc",
    colorLinkHover: "#93d7ea",
    colorSuccess: "#46b97f",
    colorWarning: "#e0a440",
    colorError: "#ef7268",
    colorText: "#e6ebf0",
    colorTextSecondary: "#a7b2bd",
    colorTextTertiary: "#9aa6b2",
    colorTextDescription: "#9aa6b2",
    colorTextPlaceholder: "#8b97a3",
    colorBgBase: "#11171d",
    colorBgLayout: "#0d1217",
    colorBgContainer: "#161d24",
    colorBgElevated: "#1c252d",
    colorBorder: "#3a4651",
    colorBorderSecondary: "#26303a",
  },
};

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function themeOf(isDark: boolean): ThemeConfig {
  const base = isDark ? dark : light;
  return {
    ...base,
    token: { ...base.token, motion: !still },
    components: {
      Table: { headerBg: "transparent", headerSplitColor: "transparent" },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    },
  };
}
