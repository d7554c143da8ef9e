// Pages.tsx - which address shows what. Each page is a file of its own for the
// browser, loaded when it is first wanted.
//
// SPDX-License-Identifier: MIT
import { Spin } from "antd";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router-dom";
import { NotFound } from "./NotFound.tsx";

const DeviceList = lazy(() => import("../features/devices/DeviceList.tsx"));
const DevicePage = lazy(() => import("../features/devices/DevicePage.tsx"));
const PackageList = lazy(() => import("../features/packages/PackageList.tsx"));
const PackagePage = lazy(() => import("../features/packages/PackagePage.tsx"));
const PackageUpload = lazy(() => import("../features/packages/PackageUpload.tsx"));
const ProductList = lazy(() => import("../features/products/ProductList.tsx"));

export function Pages() {
  return (
    <Suspense fallback={<Spin delay={300} />}>
      <Routes>
        <Route path="/" element={<Navigate to="/devices" replace />} />
        <Route path="/devices" element={<DeviceList />} />
        <Route path="/devices/:productKey/:deviceName" element={<DevicePage />} />
        <Route path="/packages" element={<PackageList />} />
        <Route path="/packages/new" element={<PackageUpload />} />
        <Route path="/packages/:id" element={<PackagePage />} />
        <Route path="/products" element={<ProductList />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
